/* optreel, the program. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return orl_cli_main(argc, argv);
}
