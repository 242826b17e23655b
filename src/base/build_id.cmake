# Writes OUT, a C file with a digest of the files IN and of the text EXTRA: the build's id.
set(all "${EXTRA}")
foreach(file ${IN})
  file(SHA256 ${file} digest)
  string(APPEND all "${digest}")
endforeach()
string(SHA256 id "${all}")
file(WRITE ${OUT} "#include \"base/build.h\"\n\nconst char orl_build_id[] = \"${id}\";\n")
