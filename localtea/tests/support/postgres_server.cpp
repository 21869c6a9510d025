#include "support/postgres_server.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::testing {
namespace {

constexpr const char* user = "shop";
constexpr const char* password = "p@ss/word";
constexpr const char* database = "postgres";

/// The newest of Debian's versions, or what is found beside `postgres` on the PATH.
std::filesystem::path find_programs() {
    std::filesystem::path newest;
    int best = 0;
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql", absent}) {
        const int version = std::atoi(entry.path().filename().c_str());
        if (version > best && std::filesystem::exists(entry.path() / "bin/initdb")) {
            best = version;
            newest = entry.path() / "bin";
        }
    }
    if (best == 0) throw std::runtime_error("no PostgreSQL server is installed (apt-get install postgresql)");
    return newest;
}

/// A port that was free a moment ago.
std::uint16_t find_free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    if (!bound) throw std::system_error(errno, std::generic_category(), "bind");
    return ntohs(address.sin_port);
}

struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
};

}  // namespace

struct PostgresServer::Impl {
    const std::filesystem::path programs = find_programs();
    const samovar::testing::Account account = samovar::testing::Account::unprivileged();
    const std::uint16_t port = find_free_port();
    samovar::testing::TemporaryFolder folder;
    std::optional<samovar::testing::Process> process;
    std::atomic<int> schemas{0};

    std::filesystem::path data() const { return folder.path() / "data"; }

    void initialise() {
        const auto password_file = folder.path() / "password";
        std::ofstream{password_file} << password;
        if (::chown(folder.path().c_str(), account.user, account.group) != 0 ||
            ::chown(password_file.c_str(), account.user, account.group) != 0)
            throw std::system_error(errno, std::generic_category(), "chown");
        samovar::testing::Process initdb{
            {programs / "initdb", "-D", data(), "-U", user, "--pwfile", password_file, "-A", "scram-sha-256", "-E",
             "UTF8", "--locale=C", "--no-sync", "--no-instructions"},
            account,
            folder.path()};
        if (initdb.wait() != 0) throw std::runtime_error("initdb failed:\n" + initdb.output());
    }

    void start() {
        process.emplace(
            std::vector<std::string>{programs / "postgres", "-D", data(), "-k", folder.path(), "-p",
                                     std::to_string(port), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off",
                                     "-c", "max_connections=60", "-c", "deadlock_timeout=50ms", "-c",
                                     "logging_collector=off", "-c", "log_destination=stderr"},
            account, folder.path());
        process->wait_for_output("database system is ready to accept connections");
    }

    void stop() {
        if (!process) return;
        process->signal(SIGQUIT);
        process->wait();
        process.reset();
    }
};

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() : impl_(std::make_unique<Impl>()) {
    impl_->initialise();
    impl_->start();
}

PostgresServer::~PostgresServer() { impl_->stop(); }

config::DatabaseUrl PostgresServer::create_schema() {
    const std::string name = fmt::format("test_{}", ++impl_->schemas);
    execute("CREATE SCHEMA " + name);
    return {config::DatabaseKind::postgresql,
            {},
            {{"host", impl_->folder.path()},
             {"port", std::to_string(impl_->port)},
             {"user", user},
             {"password", password},
             {"dbname", database},
             {"options", "-c search_path=" + name}}};
}

config::DatabaseUrl PostgresServer::over_tcp(const config::DatabaseUrl& url) const {
    config::DatabaseUrl tcp = url;
    for (auto& [name, value] : tcp.parameters)
        if (name == "host") value = "localhost";
    return tcp;
}

std::string PostgresServer::execute(const std::string& sql) {
    const std::string host = impl_->folder.path();
    const std::string port = std::to_string(impl_->port);
    const char* keywords[] = {"host", "port", "user", "password", "dbname", nullptr};
    const char* values[] = {host.c_str(), port.c_str(), user, password, database, nullptr};
    const std::unique_ptr<PGconn, Finish> connection{PQconnectdbParams(keywords, values, 0)};
    const std::unique_ptr<PGresult, Clear> result{PQexec(connection.get(), sql.c_str())};
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQerrorMessage(connection.get()));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

int PostgresServer::terminate_sessions() {
    return std::stoi(
        execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"));
}

void PostgresServer::stop() { impl_->stop(); }

void PostgresServer::start() { impl_->start(); }

}  // namespace localtea::testing
