# insitu_add_network(<name> <header> [LEVEL -Os]): the target <name>, a static library with the C functions of the network that <header> declares
# (`using Model = insitu::Network<...>;`), all prefixed <name>_, and their header <name>.h, which says the rest. It is compiled for the target that
# CMAKE_CXX_COMPILER and CMAKE_CXX_FLAGS say, at -Os where there is no operating system and at -O3 elsewhere, or at LEVEL.
function(insitu_add_network name header)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" LEVEL "")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "insitu_add_network(${name} ...): expected a header and LEVEL, found ${arg_UNPARSED_ARGUMENTS}")
  endif()
  get_filename_component(header "${header}" ABSOLUTE)
  if(NOT EXISTS "${header}")
    message(FATAL_ERROR "insitu_add_network(${name} ...): there is no ${header}")
  endif()
  get_filename_component(file "${header}" NAME)
  if(file STREQUAL "${name}.h")
    message(FATAL_ERROR "insitu_add_network(${name} ...): the C header will be called ${name}.h, as the network's is: give one of them another name")
  endif()
  if(NOT arg_LEVEL)
    if(CMAKE_SYSTEM_NAME STREQUAL "Generic")
      set(arg_LEVEL -Os)
    else()
      set(arg_LEVEL -O3)
    endif()
  endif()
  get_target_property(folders insitu::insitu INTERFACE_INCLUDE_DIRECTORIES)
  list(TRANSFORM folders PREPEND -I)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS}")
  set(made "${CMAKE_CURRENT_BINARY_DIR}/insitu/${name}")
  file(MAKE_DIRECTORY "${made}")
  add_custom_command(
    OUTPUT "${made}/lib${name}.a" "${made}/${name}.h"
    COMMAND sh "${INSITU_C_FOLDER}/lib.sh" "${header}" "${name}" "${made}" "${CMAKE_CXX_COMPILER}" -std=c++20 ${folders} ${flags} ${arg_LEVEL}
    DEPENDS "${header}"
    COMMENT "The C library ${name} of ${header}"
    VERBATIM)
  add_custom_target(${name}-made DEPENDS "${made}/lib${name}.a" "${made}/${name}.h")
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION "${made}/lib${name}.a" INTERFACE_INCLUDE_DIRECTORIES "${made}")
  add_dependencies(${name} ${name}-made)
endfunction()
