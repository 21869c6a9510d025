# One interface target carries every warning, so that third-party targets stay untouched.
# Compilers that nobody here has tried warn of other things: only the presets make errors of them.
option(LOCALTEA_WERROR "Warnings are errors" ${LOCALTEA_PCH})
add_library(project_warnings INTERFACE)
target_compile_options(project_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  # In a unity build one file's private constant looks as if another's parameter hid it; the other builds look.
  $<$<NOT:$<BOOL:${LOCALTEA_UNITY}>>:-Wshadow>
  -Wold-style-cast -Wcast-qual -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough $<$<BOOL:${LOCALTEA_WERROR}>:-Werror>
  # Members left out of a designated initialiser have their defaults: that is what we use it for.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-missing-designated-field-initializers>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wextra-semi>
  # GCC 14 takes the same for a mistake, and sees others in the code that it makes of coroutines, in OpenSSL's macros and
  # where a unity build includes a .cpp file.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers -Wno-null-dereference -Wno-mismatched-new-delete
                           -Wno-maybe-uninitialized -Wno-old-style-cast -Wno-subobject-linkage>)
