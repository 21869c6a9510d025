// What customers look at before they buy.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "db/database.hpp"
#include "domain/catalogue.hpp"
#include "domain/category_tree.hpp"
#include "services/error.hpp"

namespace localtea::services {

namespace asio = boost::asio;

/// Only what is active and visible, read anew each time: stock and prices are what they are, whichever process
/// changed them last.
///
/// Errors: Error; db::Error when the database is broken.
/// Threads: any. Lifetime: the database must outlive it and every call.
class Catalogue {
public:
    explicit Catalogue(db::Database& database) : database_(database) {}

    asio::awaitable<std::vector<domain::CategoryBranch>> categories();
    asio::awaitable<domain::ProductPage> products(domain::ProductQuery query);
    /// Errors: Error{not_found}.
    asio::awaitable<domain::Product> product(std::string slug);
    /// Errors: Error{not_found}.
    asio::awaitable<domain::Sku> sku(std::int64_t id);

private:
    db::Database& database_;
};

}  // namespace localtea::services
