# find_package(samovar): the target samovar::samovar, and what it links to.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(Boost 1.81 COMPONENTS url)
find_dependency(OpenSSL)
find_dependency(ZLIB)
find_dependency(fmt)
find_dependency(spdlog)
include(${CMAKE_CURRENT_LIST_DIR}/samovar-targets.cmake)
