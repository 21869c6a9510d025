# The compiler of the presets: the one that CXX or -DCMAKE_CXX_COMPILER names, else the clang that all is tested with,
# else another clang, else a g++ that compiles coroutines correctly.
if(NOT CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(LOCALTEA_CXX NAMES clang++-19 clang++-20 clang++-21 clang++-22 clang++-18 clang++ g++-14 g++-15 g++-13 g++
               NAMES_PER_DIR REQUIRED)
  set(CMAKE_CXX_COMPILER ${LOCALTEA_CXX})
  if(NOT CMAKE_C_COMPILER AND NOT DEFINED ENV{CC})
    string(REGEX REPLACE "clang\\+\\+" "clang" CMAKE_C_COMPILER ${LOCALTEA_CXX})
    string(REGEX REPLACE "g\\+\\+" "gcc" CMAKE_C_COMPILER ${CMAKE_C_COMPILER})
  endif()
endif()
