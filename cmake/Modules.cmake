# A module is a folder: every .cpp in it belongs to one static library of its own, so that each builds and
# is tested alone and the linker, too, enforces the one-way graph of scripts/layers.txt.

# localtea_module(NAME <target> FOLDER <dir> [INCLUDES dirs...] [PUBLIC libs...] [PRIVATE libs...])
function(localtea_module)
  cmake_parse_arguments(M "" "NAME;FOLDER" "INCLUDES;PUBLIC;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${M_FOLDER}/*.cpp)
  # Folders of this tree and our warnings are no business of somebody who links to an installed library.
  list(TRANSFORM M_INCLUDES REPLACE "(.+)" "$<BUILD_INTERFACE:\\1>")
  if(sources)
    add_library(${M_NAME} STATIC ${sources})
    target_include_directories(${M_NAME} PUBLIC ${M_INCLUDES})
    target_link_libraries(${M_NAME} PUBLIC ${M_PUBLIC} PRIVATE ${M_PRIVATE} $<BUILD_INTERFACE:project_warnings>)
  else()
    add_library(${M_NAME} INTERFACE)
    target_include_directories(${M_NAME} INTERFACE ${M_INCLUDES})
    target_link_libraries(${M_NAME} INTERFACE ${M_PUBLIC} ${M_PRIVATE})
  endif()
endfunction()

# localtea_tests(NAME <executable> FOLDER <dir> LABEL unit|integration LIBRARIES libs...)
# Every *_test.cpp of the folder is compiled in, a test file cannot be forgotten, with what they share.
function(localtea_tests)
  cmake_parse_arguments(T "" "NAME;FOLDER;LABEL" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${T_FOLDER}/*_test.cpp)
  if(NOT LOCALTEA_TESTS OR NOT sources)
    return()
  endif()
  find_package(GTest REQUIRED)
  file(GLOB shared CONFIGURE_DEPENDS ${T_FOLDER}/*.cpp)
  add_executable(${T_NAME} ${shared})
  target_link_libraries(${T_NAME} PRIVATE ${T_LIBRARIES} GTest::gmock GTest::gtest_main project_warnings)
  # A test's own code runs once and is compiled often: not optimising it halves the time of a first build.
  target_compile_options(${T_NAME} PRIVATE -O0)
  add_test(NAME ${T_NAME} COMMAND ${T_NAME} --gtest_brief=1)
  set_tests_properties(${T_NAME} PROPERTIES LABELS ${T_LABEL} TIMEOUT 300)
endfunction()
