#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/staff_settings.hpp"
#include "db/calendar.hpp"
#include "db/migrator.hpp"
#include "domain/enumerators.hpp"
#include "domain/money_text.hpp"
#include "domain/names.hpp"
#include "services/fulfilment.hpp"

namespace localtea::commands {
namespace {

namespace asio = boost::asio;

using Step = std::function<asio::awaitable<void>(services::Fulfilment*)>;

struct OrdersLine {
    std::string status = "paid";
    bool flagged = false;
    std::int64_t limit = 100;
    std::int64_t id = 0;
    std::string tracking;
    std::string data;
};

asio::awaitable<void> take_step(db::Database* database, services::Fulfilment* fulfilment, Step step) {
    co_await db::require_current_schema(*database);
    co_await step(fulfilment);
}

void run_step(const OrdersLine& line, Step step) {
    const auto settings = staff_settings(config::Purpose::staff, line.data);
    asio::io_context loop{1};
    const auto database = db::open_database(loop.get_executor(), settings.database);
    const services::Outbox outbox{samovar::system_clock()};
    services::Fulfilment fulfilment{settings.base_url, *database, outbox, samovar::system_clock()};
    auto done = asio::co_spawn(loop, take_step(database.get(), &fulfilment, std::move(step)), asio::use_future);
    loop.run();
    done.get();
}

void print_order(const domain::Order& order) {
    fmt::print("{}  {}  {} UTC  {}  {}{}\n", order.id, domain::to_name(order.status),
               db::format_time(order.created_at).substr(0, 16), domain::rubles(order.totals.to_pay),
               domain::to_name(order.delivery_method),
               order.tracking_number ? "  " + *order.tracking_number : std::string{});
    if (const auto& who = order.contact)
        fmt::print("    {} {}, {}, {}\n", who->firstname, who->lastname, who->phone, who->email);
    if (const auto& to = order.shipping_address) fmt::print("    {}, {}\n", to->postal_code, to->address);
    for (const auto& item : order.items)
        fmt::print("    {} x {}, {} (SKU {})\n", item.line.quantity, item.line.title, item.line.sku_info,
                   item.line.sku_id);
}

asio::awaitable<void> print_orders(services::Fulfilment* fulfilment, domain::OrderStatus status,
                                   std::int64_t limit) {
    const auto orders = co_await fulfilment->list(status, limit);
    for (const auto& order : orders) print_order(order);
    if (orders.empty()) fmt::print("no order is {}\n", domain::to_name(status));
}

asio::awaitable<void> print_flagged(services::Fulfilment* fulfilment, std::int64_t limit) {
    const auto payments = co_await fulfilment->list_flagged(limit);
    for (const auto& payment : payments)
        fmt::print("{}  order {}  {}  payment {} ({}) {}\n", domain::to_name(payment.flag), payment.order_id,
                   domain::rubles(payment.amount), payment.external_id, payment.provider,
                   domain::to_name(payment.status));
    if (payments.empty()) fmt::print("no payment needs attention\n");
}

std::vector<std::string> status_names() {
    std::vector<std::string> names;
    for (const auto status : domain::enumerators<domain::OrderStatus>())
        names.emplace_back(domain::to_name(status));
    return names;
}

void add_list(CLI::App& parser, OrdersLine& line) {
    auto* list = parser.add_subcommand("list", "Print orders of a status, oldest first");
    auto* status = list->add_option("--status", line.status, "Of which orders");
    status->capture_default_str()->check(one_of(status_names()));
    list->add_flag("--flagged", line.flagged, "Print payments that need attention instead")->excludes(status);
    list->add_option("--limit", line.limit, "At most so many")
        ->capture_default_str()
        ->check(whole_number(1, 10'000));
    list->callback([&line] {
        const auto status = *domain::from_name<domain::OrderStatus>(line.status);
        run_step(line, [&line, status](services::Fulfilment* fulfilment) {
            return line.flagged ? print_flagged(fulfilment, line.limit)
                                : print_orders(fulfilment, status, line.limit);
        });
    });
}

/// A subcommand that takes one order a step further; it prints what the order is then.
CLI::App* add_step(CLI::App& parser, OrdersLine& line, const char* name, const char* summary, const char* outcome,
                   Step step) {
    auto* command = parser.add_subcommand(name, summary);
    command->add_option("ID", line.id, "The order's number")->required()->check(whole_number(1));
    command->callback([&line, outcome, step = std::move(step)] {
        run_step(line, step);
        fmt::print("order {} is {}\n", line.id, outcome);
    });
    return command;
}

}  // namespace

int run_orders(int argc, char** argv) {
    OrdersLine line;
    CLI::App parser{"What the staff does with orders.", "localtea orders"};
    parser.require_subcommand(1);
    // Also behind the subcommand's name.
    parser.add_option("--data", line.data, data_option_help)->type_name("DIR");
    parser.fallthrough();
    add_list(parser, line);
    add_step(parser, line, "ship", "A parcel is on its way; its customer gets a mail", "shipped",
             [&line](services::Fulfilment* fulfilment) { return fulfilment->ship(line.id, line.tracking); })
        ->add_option("--tracking", line.tracking, "Russian Post's number of the parcel")
        ->required();
    add_step(parser, line, "ready", "An order waits to be picked up", "ready_for_pickup",
             [&line](services::Fulfilment* fulfilment) { return fulfilment->make_ready(line.id); });
    add_step(parser, line, "deliver", "The customer has it", "delivered",
             [&line](services::Fulfilment* fulfilment) { return fulfilment->deliver(line.id); });
    return read_line(parser, argc, argv).value_or(0);
}

}  // namespace localtea::commands
