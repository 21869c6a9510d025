// A coroutine would keep the reference beyond its life.
#include <web/api.hpp>

void add(web::Api& api) {
    api.get("/a", [](const web::RequestPtr&) { return 1; });
}
