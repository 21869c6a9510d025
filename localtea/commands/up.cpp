#include <array>
#include <csignal>
#include <cstdio>
#include <optional>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <samovar/clock.hpp>
#include <samovar/log.hpp>

#include "commands/command_line.hpp"
#include "commands/commands.hpp"
#include "commands/data_folder.hpp"
#include "commands/log_setup.hpp"
#include "commands/loopback.hpp"
#include "commands/redis_child.hpp"
#include "commands/secret_file.hpp"
#include "commands/shop.hpp"
#include "commands/supervisor.hpp"
#include "commands/up_error.hpp"
#include "commands/up_variables.hpp"
#include "config/load.hpp"
#include "db/error.hpp"

namespace localtea::commands {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto dotenv = ".env";
constexpr std::array stores{"REDIS_URL", "DATABASE_URL"};
constexpr auto say_again_every = 10s;

struct UpLine {
    std::uint16_t port = 8000;
    std::string data;
};

// Redis holds the data, so it stops last.
enum Stage { storage, programs };

class Up {
public:
    Up(UpLine line, config::Variables environment)
        : line_(std::move(line)),
          environment_(std::move(environment)),
          given_(given_variables(environment_, dotenv)),
          data_(data_folder_name(line_.data, given_), local_address(line_.port), given_stores()) {
        if (!port_is_free(line_.port))
            throw UpError{fmt::format("port {} on 127.0.0.1 is busy; choose another with --port", line_.port)};
        if (!given_.contains("REDIS_URL"))
            redis_.emplace(data_.path(), kept_secret(redis_password_file(data_.path())));
        supply_variables();
        settings_ = config::load({environment_, dotenv, supplied_}, config::Purpose::server);
        set_up_log(settings_);
    }

    int run() {
        warn_of_foreign_stores();
        if (redis_) redis_->stop_orphan();
        Supervisor supervisor{samovar::system_clock()};
        if (start_all(supervisor)) {
            announce();
            supervisor.run();
        }
        fmt::print("Stopping.\n");
        std::fflush(stdout);
        return supervisor.stop();
    }

private:
    std::string given_stores() const {
        std::string names;
        for (const auto* name : stores)
            if (given_.contains(name)) names.append(names.empty() ? "" : " ").append(name);
        return names;
    }

    void supply_variables() {
        supplied_ = local_defaults(given_, local_address(line_.port), data_.path());
        if (redis_) supplied_.emplace("REDIS_URL", redis_->url());
        for (const auto& [variable, file] : {std::pair{"SECRET_KEY", "secret_key"},
                                             {"CSRF_SECRET_KEY", "csrf_secret_key"},
                                             {"PAYMENT_WEBHOOK_SECRET", "payment_webhook_secret"}})
            if (!given_.contains(variable)) supplied_.emplace(variable, data_.secret(file).reveal());
        // The folder that is locked is the one to use, whatever a .env says beside --data.
        environment_.insert_or_assign("DATA_DIR", data_.path());
    }

    void warn_of_foreign_stores() const {
        for (const auto* name : stores)
            if (given_.contains(name))
                samovar::log::warning(fmt::format(
                    "{} IS SET: that store is used as it is, none is started on this machine for it", name));
    }

    ServiceOptions shop_program(const std::string& name, std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {executable_, name});
        const Program program{.arguments = std::move(arguments),
                              .environment = child_environment(environment_, given_, supplied_),
                              // Its work is safe in the stores, and nobody is left to wait for its end.
                              .death_signal = SIGKILL};
        return {.name = name, .stage = programs, .program = [program] { return program; }};
    }

    // A fresh shop has something to sell. The shop runs without, so what is in the way is not fatal here.
    void seed_empty_catalogue() const {
        try {
            const int added = seed(settings_, samovar::system_clock(), services::Seeding::empty_only);
            if (added > 0) samovar::log::info("demo catalogue added", {{"products", std::int64_t{added}}});
        } catch (const db::Error& error) {
            samovar::log::warning("the demo catalogue could not be added", {{"error", error.what()}});
        }
    }

    // Returns false when it has to end before it is ready.
    bool start_all(Supervisor& supervisor) {
        if (redis_) {
            supervisor.start({.name = "redis", .stage = storage, .program = [this] { return redis_->program(); }});
            if (!supervisor.run_until([this] { return redis_->answers(); })) return false;
        }
        seed_empty_catalogue();
        supervisor.start(shop_program("api", {"--port", std::to_string(line_.port)}));
        supervisor.start(shop_program("worker", {}));
        supervisor.start(shop_program("beat", {}));
        return supervisor.run_until([this, said = samovar::system_clock().steady()]() mutable {
            const int status = http_status(line_.port, "/readyz");
            const auto now = samovar::system_clock().steady();
            if (status != 200 && now - said >= say_again_every) {
                said = now;
                samovar::log::info("waiting until the shop is ready", {{"readyz", std::int64_t{status}}});
            }
            return status == 200;
        });
    }

    void announce() const {
        const auto address = local_address(line_.port);
        fmt::print("\nLocalTea is ready.\n");
        fmt::print("  Redis     {}\n", redis_
                                           ? redis_->description()
                                           : without_secrets(settings_.redis_url.reveal()) + " (from REDIS_URL)");
        fmt::print("  Database  {}{}\n", config::describe(settings_.database),
                   given_.contains("DATABASE_URL") ? " (from DATABASE_URL)" : "");
        fmt::print("  Docs      {}/docs\n", address);
        if (settings_.mail_backend == config::MailBackend::smtp)
            fmt::print("  Mail      goes out through {}\n", settings_.smtp_server);
        else if (settings_.debug)
            fmt::print("  Mailbox   {}/mailbox\n", address);
        fmt::print(
            "\nRegister a customer:\n"
            "  curl -sS {}/api/v1/user/registration -H 'Content-Type: application/json' "
            "-d '{{\"email\":\"anna@example.com\",\"username\":\"anna\",\"password\":\"correct horse\"}}'\n\n"
            "Ctrl-C stops it.\n",
            address);
        std::fflush(stdout);
    }

    // This program, by the name that lists of processes can show.
    const std::string executable_ = fs::read_symlink("/proc/self/exe");
    const UpLine line_;
    config::Variables environment_;
    const config::Variables given_;
    const DataFolder data_;
    std::optional<RedisChild> redis_;
    config::Variables supplied_;
    config::Settings settings_;
};

}  // namespace

int run_up(int argc, char** argv) {
    UpLine line;
    CLI::App parser{"Runs the whole shop on this machine: its own Redis, the HTTP interface, a worker and a beat.",
                    "localtea up"};
    parser.add_option("--port", line.port, "Port of 127.0.0.1 to listen on")
        ->capture_default_str()
        ->check(whole_number(1, 65'535));
    parser
        .add_option("--data", line.data,
                    "Folder for everything that is kept; var where DATA_DIR says nothing else")
        ->type_name("DIR");
    if (const auto code = read_line(parser, argc, argv)) return *code;
    return Up{std::move(line), config::process_environment()}.run();
}

}  // namespace localtea::commands
