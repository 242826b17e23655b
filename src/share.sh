# share.sh PROGRAM FOLDER: what the program writes about itself, for `cmake --install`. Run by the build.
set -eu
"$1" man | gzip -9n >"$2/optreel.1.gz"
"$1" completion bash >"$2/optreel"
"$1" completion zsh >"$2/_optreel"
"$1" completion fish >"$2/optreel.fish"
"$1" schema >"$2/experiment.schema.json"
