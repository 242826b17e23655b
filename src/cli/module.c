/* The media module's door: the same command line, with what draws and encodes. */
#include "batch/media.h"
#include "cli/cli.h"

const char *orl_media_build(void)
{
    return orl_build_id;
}

int orl_media_main(int argc, char **argv)
{
    return orl_cli_main(argc, argv);
}
