# Asio is compiled once instead of in every file that names it. Who links to the engine has to be told, so that its
# inline code is the same everywhere.
set(ASIO_DEFINITIONS BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
add_library(asio_compiled STATIC ${CMAKE_CURRENT_LIST_DIR}/separate/asio.cpp)
target_compile_definitions(asio_compiled PUBLIC ${ASIO_DEFINITIONS})
target_link_libraries(asio_compiled PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
