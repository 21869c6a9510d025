# What every part is built with. Included by the whole house, or by the engine where it is built without the rest.

# Half of a file's compile time is its headers. Tests stay single: names in them are nobody else's business.
option(LOCALTEA_UNITY "Compile a module's files eight at a time: a first build is faster, a change compiles more" OFF)
option(LOCALTEA_PCH "Compile GoogleTest's headers once for all tests" OFF)

list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
include(Compiler)
include(Warnings)
include(Sanitizers)
include(Modules)
include(EmbedFiles)
include(HeaderTests)

# A project that adds the engine as a folder of its own links to these through it.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
find_package(Threads REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS url)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(date REQUIRED)

include(Asio)
include(PrecompiledTests)
