# Samovar for others: the library with its headers, for find_package and pkg-config, is the component `samovar`; the
# program is `samovar-program`. The headers of src/ and of base/include/base are nobody else's.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(SAMOVAR_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/samovar)
set(HOUSE ${CMAKE_CURRENT_LIST_DIR}/..)

install(TARGETS samovar EXPORT samovar
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT samovar
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT samovar
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${HOUSE}/base/include/samovar ${HOUSE}/samovar/include/samovar
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT samovar)
install(EXPORT samovar NAMESPACE samovar:: FILE samovar-targets.cmake DESTINATION ${SAMOVAR_PACKAGE} COMPONENT samovar)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samovar-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/samovar-config.cmake ${PROJECT_BINARY_DIR}/samovar-config-version.cmake
        DESTINATION ${SAMOVAR_PACKAGE} COMPONENT samovar)

# Where the folders are is told from where the file itself is: `cmake --install --prefix` and packages may move it.
file(RELATIVE_PATH SAMOVAR_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(SAMOVAR_REQUIRES "openssl zlib fmt spdlog")
set(SAMOVAR_LIBRARIES "-lboost_url -ldate-tz -pthread")
# What a static library needs is linked by its user; a shared one brings it.
set(SAMOVAR_PRIVATE "")
if(BUILD_SHARED_LIBS)
  set(SAMOVAR_PRIVATE .private)
endif()
list(TRANSFORM ASIO_DEFINITIONS PREPEND -D OUTPUT_VARIABLE SAMOVAR_CFLAGS)
list(JOIN SAMOVAR_CFLAGS " " SAMOVAR_CFLAGS)
# Boost has no .pc file. Where it is in the compiler's own folders it needs no option.
get_target_property(boost_includes Boost::headers INTERFACE_INCLUDE_DIRECTORIES)
foreach(folder IN LISTS boost_includes)
  if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    string(APPEND SAMOVAR_CFLAGS " -I${folder}")
  endif()
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/samovar.pc.in ${PROJECT_BINARY_DIR}/samovar.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/samovar.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT samovar)

file(RELATIVE_PATH program_to_library /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
set_target_properties(samovar_program PROPERTIES INSTALL_RPATH "$<$<BOOL:${BUILD_SHARED_LIBS}>:$ORIGIN/${program_to_library}>")
install(TARGETS samovar_program RUNTIME COMPONENT samovar-program)

foreach(component samovar samovar-program)
  install(FILES ${HOUSE}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${component} COMPONENT ${component})
endforeach()
