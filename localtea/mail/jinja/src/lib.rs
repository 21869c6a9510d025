//! The C ABI of the template engine; `jinja.h` is its other half and says what each call does.

mod attributes;
mod budget;
mod calls;
mod collections;
mod context;
mod engine;
mod environment;
mod errors;
mod expressions;
mod filters;
mod format_spec;
mod frame;
mod json;
mod linking;
mod methods;
mod objects;
mod operators;
mod printf;
mod python;
mod rendering;
mod scope;
mod sequences;
mod source;
mod str_format;
mod symbols;
mod template;
mod tests;
mod text_filters;
mod unescape;
mod url;
mod walk;
mod wordwrap;

use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};

use engine::Engine;

type Write = unsafe extern "C" fn(out: *mut c_void, data: *const u8, size: usize);
type Load = unsafe extern "C" fn(
    user: *mut c_void,
    name: *const u8,
    name_size: usize,
    write: Write,
    out: *mut c_void,
) -> bool;

/// What the loader needs; the caller promises that it may be used from any thread.
struct Loader {
    load: Load,
    user: *mut c_void,
}
unsafe impl Send for Loader {}
unsafe impl Sync for Loader {}

impl Loader {
    fn source(&self, name: &str) -> Option<String> {
        let mut bytes: Vec<u8> = Vec::new();
        let out = &mut bytes as *mut Vec<u8> as *mut c_void;
        let found = unsafe { (self.load)(self.user, name.as_ptr(), name.len(), append, out) };
        found.then(|| String::from_utf8_lossy(&bytes).into_owned())
    }
}

unsafe extern "C" fn append(out: *mut c_void, data: *const u8, size: usize) {
    (*(out as *mut Vec<u8>)).extend_from_slice(std::slice::from_raw_parts(data, size));
}

#[no_mangle]
pub extern "C" fn jinja_new(load: Load, user: *mut c_void) -> *mut Engine {
    let loader = Loader { load, user };
    let environment = Engine::new(move |name| loader.source(name));
    Box::into_raw(Box::new(environment))
}

/// # Safety
/// `environment` came from `jinja_new` and is not used afterwards.
#[no_mangle]
pub unsafe extern "C" fn jinja_free(environment: *mut Engine) {
    drop(Box::from_raw(environment));
}

/// # Safety
/// The pointers are valid for their sizes; `write` accepts `out`.
#[no_mangle]
pub unsafe extern "C" fn jinja_render(
    environment: *const Engine,
    name: *const u8,
    name_size: usize,
    context: *const u8,
    context_size: usize,
    write: Write,
    out: *mut c_void,
) -> bool {
    let name = std::slice::from_raw_parts(name, name_size);
    let context = std::slice::from_raw_parts(context, context_size);
    let rendered = catch_unwind(AssertUnwindSafe(|| render(&*environment, name, context)))
        .unwrap_or_else(|_| Err("the template engine panicked".into()));
    let (text, ok) = match &rendered {
        Ok(text) => (text, true),
        Err(text) => (text, false),
    };
    write(out, text.as_ptr(), text.len());
    ok
}

fn render(engine: &Engine, name: &[u8], context: &[u8]) -> Result<String, String> {
    let name = std::str::from_utf8(name).map_err(|_| "the template's name is not UTF-8")?;
    engine.render(name, context::decode(context)?)
}

/// # Safety
/// `text` is UTF-8 and valid for its size; `write` accepts `out`.
#[no_mangle]
pub unsafe extern "C" fn jinja_unescape(text: *const u8, size: usize, write: Write, out: *mut c_void) {
    let text = String::from_utf8_lossy(std::slice::from_raw_parts(text, size));
    let plain = catch_unwind(|| unescape::unescape(&text)).unwrap_or_else(|_| text.clone().into_owned());
    write(out, plain.as_ptr(), plain.len());
}
