# One interface target carries every warning, so that third-party targets stay untouched.
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  # In a unity build one file's private constant looks as if another's parameter hid it; the other builds look.
  $<$<NOT:$<BOOL:${LOCALTEA_UNITY}>>:-Wshadow>
  -Wold-style-cast -Wcast-qual -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough -Werror
  # Members left out of a designated initialiser have their defaults: that is what we use it for.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wextra-semi>)
