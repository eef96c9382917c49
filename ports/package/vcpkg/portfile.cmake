# An overlay port that carries its sources: headers and the CMake package of `make install`.
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/include/" DESTINATION "${CURRENT_PACKAGES_DIR}/include")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/share/insitu/" DESTINATION "${CURRENT_PACKAGES_DIR}/share/insitu")
vcpkg_install_copyright(FILE_LIST "${CMAKE_CURRENT_LIST_DIR}/LICENSE")
