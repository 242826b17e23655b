# Writes OUT, a linker's version script: the functions and tables that the public headers IN declare
# are exported, all else is local, kernels and their resolvers included. Run by the build.
set(names "")
foreach(header ${IN})
  file(READ ${header} text)
  string(REGEX REPLACE "/[*]([^*]|[*]+[^*/])*[*]+/" "" text "${text}") # comments name what is not declared
  string(REGEX MATCHALL "orl_[a-z0-9_]+\\(" functions "${text}")
  string(REGEX MATCHALL "extern[^;(]*orl_[a-z0-9_]+(\\[[^]]*\\])*;" tables "${text}")
  foreach(item ${functions} ${tables})
    string(REGEX MATCHALL "orl_[a-z0-9_]+" found "${item}")
    list(GET found -1 name)
    list(APPEND names ${name})
  endforeach()
endforeach()
list(REMOVE_DUPLICATES names)
list(SORT names)
list(JOIN names ";\n    " names)
file(WRITE ${OUT} "{\n  global:\n    ${names};\n  local: *;\n};\n")
