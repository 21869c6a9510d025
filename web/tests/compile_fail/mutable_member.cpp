#include <web/api.hpp>

struct Endpoints {
    void count() {}
};

void add(web::Api& api, std::shared_ptr<Endpoints> endpoints) { api.get("/", endpoints, &Endpoints::count); }
