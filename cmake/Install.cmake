# The shop's program, and Samovar as a library for find_package(samovar). The modules' libraries are installed too,
# since samovar stands for all of them; the headers of src/ are not.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(SAMOVAR_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/samovar)
set(SAMOVAR_LIBRARIES asio_compiled samovar_base)
foreach(part core redis schedule message broker result limit task control worker beat inspect cli)
  list(APPEND SAMOVAR_LIBRARIES samovar_${part})
endforeach()

install(TARGETS localtea RUNTIME COMPONENT localtea)
install(TARGETS samovar ${SAMOVAR_LIBRARIES} EXPORT samovar COMPONENT samovar
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/samovar COMPONENT samovar
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/base/include/samovar ${PROJECT_SOURCE_DIR}/samovar/include/samovar DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        COMPONENT samovar)
install(EXPORT samovar NAMESPACE samovar:: FILE samovar-targets.cmake DESTINATION ${SAMOVAR_PACKAGE}
        COMPONENT samovar)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samovar-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_SOURCE_DIR}/cmake/samovar-config.cmake ${PROJECT_BINARY_DIR}/samovar-config-version.cmake
        DESTINATION ${SAMOVAR_PACKAGE} COMPONENT samovar)
