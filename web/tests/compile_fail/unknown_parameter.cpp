// Nobody knows where an int would come from.
#include <web/api.hpp>

void add(web::Api& api) {
    api.get("/a", [](int) { return 1; });
}
