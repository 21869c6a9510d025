/* The template engine's C ABI; src/lib.rs is its other half. Texts are UTF-8 with a size, never NUL-terminated. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct jinja_environment jinja_environment;

/* Receives bytes; `data` is valid during the call alone. Must not throw. */
typedef void (*jinja_write)(void* out, const char* data, size_t size);

/* Gives the source of the template `name` to `write` with `out`, once; false: there is no such template.
   Called from any thread that renders. Must not throw. */
typedef bool (*jinja_load)(void* user, const char* name, size_t name_size, jinja_write write, void* out);

/* An environment that loads each template once and keeps it compiled. `user` must outlive it. Never null. */
jinja_environment* jinja_new(jinja_load load, void* user);
void jinja_free(jinja_environment* environment);

/* Renders a template with a context encoded as src/context.rs says. True: `write` got the text; false: it got one
   line that says what failed and where, without any value of the context. Any thread, also several at once. */
bool jinja_render(const jinja_environment* environment, const char* name, size_t name_size, const char* context,
                  size_t context_size, jinja_write write, void* out);

/* Gives `write` the text with HTML's character references replaced, as Python's html.unescape does. */
void jinja_unescape(const char* text, size_t size, jinja_write write, void* out);

#ifdef __cplusplus
}
#endif
