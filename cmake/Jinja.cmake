# The template engine: minijinja behind a C ABI, a Rust crate built by cargo as one library.
# scripts/find_cargo says which cargo will do and scripts/fetch_crates downloads the lock file's crates once; the
# build itself is --offline, so it needs no network, and --locked, so it is the same everywhere.
set(JINJA_FOLDER ${PROJECT_SOURCE_DIR}/localtea/mail/jinja)
set(JINJA_TARGET_FOLDER ${CMAKE_BINARY_DIR}/cargo)
# ThreadSanitizer does not see Rust's locks. What it is told to overlook (scripts/tsan.suppressions) has to be a
# library of its own, which then hides nothing of ours.
if(LOCALTEA_SANITIZE MATCHES thread)
  set(JINJA_KIND SHARED)
  set(JINJA_CRATE_TYPE cdylib)
  set(JINJA_LIBRARY ${JINJA_TARGET_FOLDER}/release/liblocaltea_jinja.so)
else()
  set(JINJA_KIND STATIC)
  set(JINJA_CRATE_TYPE staticlib)
  set(JINJA_LIBRARY ${JINJA_TARGET_FOLDER}/release/liblocaltea_jinja.a)
endif()

execute_process(COMMAND ${PROJECT_SOURCE_DIR}/scripts/find_cargo
                OUTPUT_VARIABLE CARGO OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE CARGO_PROBLEM RESULT_VARIABLE CARGO_MISSING)
if(CARGO_MISSING)
  message(FATAL_ERROR "${CARGO_PROBLEM}apt-get install cargo-web rustc-web brings one.")
endif()
get_filename_component(CARGO_FOLDER ${CARGO} DIRECTORY)

if(DEFINED ENV{CARGO_HOME})
  set(JINJA_CARGO_HOME $ENV{CARGO_HOME})
else()
  set(JINJA_CARGO_HOME ${PROJECT_SOURCE_DIR}/.cache/cargo)
endif()

file(GLOB JINJA_SOURCES CONFIGURE_DEPENDS ${JINJA_FOLDER}/src/*.rs)
add_custom_command(OUTPUT ${JINJA_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E env CARGO_HOME=${JINJA_CARGO_HOME} ${PROJECT_SOURCE_DIR}/scripts/fetch_crates
  COMMAND ${CMAKE_COMMAND} -E env CARGO_HOME=${JINJA_CARGO_HOME} RUSTC=${CARGO_FOLDER}/rustc --unset=RUSTFLAGS
          ${CARGO} rustc --quiet --release --locked --offline --crate-type ${JINJA_CRATE_TYPE}
          --manifest-path ${JINJA_FOLDER}/Cargo.toml --target-dir ${JINJA_TARGET_FOLDER}
  COMMAND ${CMAKE_COMMAND} -E touch ${JINJA_LIBRARY}
  DEPENDS ${JINJA_SOURCES} ${JINJA_FOLDER}/Cargo.toml ${JINJA_FOLDER}/Cargo.lock
  COMMENT "Building the template engine with ${CARGO}" VERBATIM)
add_custom_target(localtea_jinja_build DEPENDS ${JINJA_LIBRARY})

add_library(localtea_jinja ${JINJA_KIND} IMPORTED GLOBAL)
set_target_properties(localtea_jinja PROPERTIES IMPORTED_LOCATION ${JINJA_LIBRARY} IMPORTED_NO_SONAME TRUE)
target_link_libraries(localtea_jinja INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
add_dependencies(localtea_jinja localtea_jinja_build)
