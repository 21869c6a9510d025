// Handlers are called from several threads at once.
#include <web/api.hpp>

void add(web::Api& api) {
    api.get("/a", [n = 0]() mutable { return ++n; });
}
