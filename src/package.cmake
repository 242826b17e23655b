# cpack -G DEB in a build folder: a Debian package of what `cmake --install` installs, with the papers that Debian's policy asks for.
set(ORL_PACKAGE ${PROJECT_BINARY_DIR}/package)
set(ORL_MAINTAINER "optreel developers <optreel@users.noreply.github.com>")

file(WRITE ${ORL_PACKAGE}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: optreel

Files: *
Copyright: 2026 the optreel developers
License: GPL-3.0-or-later
 This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as
 published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.
 .
 On Debian systems the text of that licence is in /usr/share/common-licenses/GPL-3.
")
# Debian's own form, with the date of the version and not of the build: the same package each time.
file(WRITE ${ORL_PACKAGE}/changelog "optreel (${PROJECT_VERSION}) unstable; urgency=medium

  * Version ${PROJECT_VERSION}; what changed for users is in CHANGELOG.md.

 -- ${ORL_MAINTAINER}  Thu, 01 Jan 2026 00:00:00 +0000
")
execute_process(COMMAND gzip -9nf ${ORL_PACKAGE}/changelog COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${ORL_PACKAGE}/triggers "activate-noawait ldconfig\n")
install(FILES ${ORL_PACKAGE}/copyright ${ORL_PACKAGE}/changelog.gz DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME optreel)
set(CPACK_PACKAGE_CONTACT "${ORL_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "films of optimizers fitting curves")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "An experiment file names data, a model and optimizers; optreel runs
them and makes films of how they fit: videos, GIFs, PDF pages, slides,
with traces, tables and a report page. It also makes films of the
training logs of other programs. It needs no display and no network,
and the same input gives the same bytes.")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${ORL_PACKAGE}/triggers)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-inter, fonts-dejavu-core")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
