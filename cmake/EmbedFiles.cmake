# localtea_embed(TARGET <target> NAME <identifier> FILES files...)
# Turns text files into one generated header <embedded/NAME.hpp> with an array of {name, content}, so that
# the program carries its scripts, migrations and templates and needs no installed data files.
function(localtea_embed)
  cmake_parse_arguments(E "" "TARGET;NAME" "FILES" ${ARGN})
  set(header ${CMAKE_CURRENT_BINARY_DIR}/generated/embedded/${E_NAME}.hpp)
  add_custom_command(OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${header} -DNAME=${E_NAME} "-DFILES=${E_FILES}"
            -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/EmbedFilesScript.cmake
    DEPENDS ${E_FILES} ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/EmbedFilesScript.cmake VERBATIM)
  add_custom_target(${E_TARGET}_${E_NAME}_embedded DEPENDS ${header})
  add_dependencies(${E_TARGET} ${E_TARGET}_${E_NAME}_embedded)
  target_include_directories(${E_TARGET} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/generated)
endfunction()
