# GoogleTest and what every test includes beside it take two seconds to parse, more than a test file itself.
# One program carries them precompiled; localtea_tests() has every test use them. Nothing may rely on it: the other
# presets compile each file by what it includes itself.
if(LOCALTEA_TESTS AND LOCALTEA_PCH)
  find_package(GTest REQUIRED)
  add_executable(precompiled_tests ${CMAKE_CURRENT_LIST_DIR}/precompiled/tests.cpp)
  target_link_libraries(precompiled_tests PRIVATE asio_compiled fmt::fmt GTest::gmock project_warnings)
  target_compile_options(precompiled_tests PRIVATE -O0 -g0)
  target_precompile_headers(precompiled_tests PRIVATE
    <chrono> <functional> <map> <memory> <optional> <string> <variant> <vector>
    <boost/asio/any_io_executor.hpp> <boost/asio/awaitable.hpp>
    <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h>)
endif()
