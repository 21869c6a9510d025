# Asio and Beast are compiled once instead of in every file that names them.
add_library(asio_compiled STATIC ${PROJECT_SOURCE_DIR}/cmake/separate/asio.cpp)
target_compile_definitions(asio_compiled PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(asio_compiled PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

add_library(beast_compiled STATIC ${PROJECT_SOURCE_DIR}/cmake/separate/beast.cpp)
target_compile_definitions(beast_compiled PUBLIC BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(beast_compiled PUBLIC asio_compiled)
