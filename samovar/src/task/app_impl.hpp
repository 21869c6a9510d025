// What an App is made of, for the engine's own parts: the worker, the inspector and the commands.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <samovar/options.hpp>

#include "broker/broker.hpp"
#include "task/beat_entry.hpp"
#include "task/definition.hpp"
#include "task/transport.hpp"

namespace samovar::task {

class Client;

/// Threads: the registry is filled before anything else is used; all else from any thread.
class AppImpl {
public:
    /// Errors: ConfigurationError.
    AppImpl(std::string name, AppOptions options);
    ~AppImpl();
    AppImpl(const AppImpl&) = delete;
    AppImpl& operator=(const AppImpl&) = delete;

    const std::string& name() const { return name_; }
    const AppOptions& options() const { return options_; }
    const Clock& clock() const { return *options_.clock; }

    Registry& registry() { return registry_; }
    const Registry& registry() const { return registry_; }

    /// Errors: std::invalid_argument, see App::beat().
    void add_beat(BeatEntry entry);
    /// In order of names.
    const std::map<std::string, BeatEntry>& beat_entries() const { return beat_entries_; }

    /// The default queue, the routing table's and the tasks' own, in order of names, each once.
    std::vector<std::string> queues() const;
    /// Where a message of that task goes when the call names no queue.
    std::string_view queue_of(std::string_view task) const;

    /// A broker of the caller's own, with connections on `executor`.
    /// `client_name` is shown by CLIENT LIST.
    std::unique_ptr<broker::Broker> make_broker(boost::asio::any_io_executor executor,
                                                std::string client_name) const;

    const Transport& transport() const { return *transport_; }
    /// Key of a task's result and channel of its notification.
    std::string result_key(std::string_view task_id) const;

    /// The connections that delay() and results use; made by the first call.
    Client& client();

private:
    struct Lazy;

    void limit_queues();

    std::string name_;
    AppOptions options_;
    std::unique_ptr<Transport> transport_;
    /// As in the options, but found without making a string.
    std::map<std::string, std::string, std::less<>> routes_;
    Registry registry_;
    std::map<std::string, BeatEntry> beat_entries_;
    std::unique_ptr<Lazy> lazy_;
};

}  // namespace samovar::task
