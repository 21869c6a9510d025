#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <samovar/json.hpp>

#include "api/time_text.hpp"
#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/staff_settings.hpp"
#include "db/database.hpp"
#include "db/migrator.hpp"
#include "db/outbox.hpp"

namespace localtea::commands {
namespace {

namespace asio = boost::asio;

using Work = std::function<asio::awaitable<void>(db::Database*)>;
using Change = asio::awaitable<bool> (*)(db::Session session, std::string id);

struct OutboxLine {
    std::int64_t limit = 100;
    bool as_json = false;
    std::vector<std::string> ids;
    std::string data;
};

asio::awaitable<void> run_in(db::Database* database, Work work) {
    co_await db::require_current_schema(*database);
    co_await work(database);
}

void run_work(const OutboxLine& line, Work work) {
    const auto settings = staff_settings(config::Purpose::database, line.data);
    asio::io_context loop{1};
    const auto database = db::open_database(loop.get_executor(), settings.database);
    auto done = asio::co_spawn(loop, run_in(database.get(), std::move(work)), asio::use_future);
    loop.run();
    done.get();
}

samovar::Value to_json(const db::PutAside& message) {
    return samovar::Object{{"id", message.id},
                           {"task", message.task},
                           {"queue", message.queue},
                           {"reason", message.reason},
                           {"at", api::time_text(message.at)},
                           {"size", message.size},
                           {"created_at", api::time_text(message.created_at)},
                           {"request_id", message.request_id ? samovar::Value{*message.request_id} : nullptr}};
}

void print_as_json(const std::vector<db::PutAside>& messages) {
    samovar::Array all;
    for (const auto& message : messages) all.push_back(to_json(message));
    fmt::print("{}\n", samovar::json::dump_compact(all));
}

asio::awaitable<void> print_list(const OutboxLine* line, db::Database* database) {
    const auto messages = co_await database->read(
        [line](db::Session session) { return db::list_put_aside(std::move(session), line->limit); });
    if (line->as_json) co_return print_as_json(messages);
    for (const auto& message : messages)
        fmt::print("{}  {}  {}  {}  {} bytes  {}\n", message.id, api::time_text(message.at), message.task,
                   message.queue, message.size, message.reason);
}

/// All or none, so that a mistyped id changes nothing.
asio::awaitable<void> change_each(const OutboxLine* line, db::Database* database, Change change) {
    co_await database->transaction([line, change](db::Session session) -> asio::awaitable<void> {
        for (const auto& id : line->ids)
            if (!co_await change(session, id)) throw std::runtime_error("the outbox has put aside no row " + id);
    });
}

void add_put_aside_list(CLI::App& parser, OutboxLine& line) {
    auto* list = parser.add_subcommand("list", "Print the tasks that were put aside, the oldest first");
    list->add_flag("--json", line.as_json,
                   "an array of {id, task, queue, reason, at, size, created_at, request_id}");
    list->add_option("--limit", line.limit, "At most so many")
        ->capture_default_str()
        ->check(whole_number(1, 10'000));
    list->callback(
        [&line] { run_work(line, [&line](db::Database* database) { return print_list(&line, database); }); });
}

void add_change(CLI::App& parser, OutboxLine& line, const char* name, const char* summary, const char* outcome,
                Change change) {
    auto* command = parser.add_subcommand(name, summary);
    command->add_option("ID", line.ids, "What `outbox list` prints first")->required();
    command->callback([&line, outcome, change] {
        run_work(line, [&line, change](db::Database* database) { return change_each(&line, database, change); });
        for (const auto& id : line.ids) fmt::print("{} {}\n", id, outcome);
    });
}

}  // namespace

int run_outbox(int argc, char** argv) {
    OutboxLine line;
    CLI::App parser{"Tasks that the shop decided on and Redis will never take.", "localtea outbox"};
    parser.require_subcommand(1);
    // Also behind the subcommand's name.
    parser.add_option("--data", line.data, data_option_help)->type_name("DIR");
    parser.fallthrough();
    add_put_aside_list(parser, line);
    add_change(parser, line, "retry", "Try them again: api and worker processes push them", "waits again",
               &db::put_back);
    add_change(parser, line, "drop", "Delete them", "is dropped", &db::drop_put_aside);
    return read_line(parser, argc, argv).value_or(0);
}

}  // namespace localtea::commands
