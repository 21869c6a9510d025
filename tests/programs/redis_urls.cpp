// Prints how Redis URLs are read, for comparison with redis-py and kombu.
//
// Each line of standard input is a URL as JSON; each is answered by one line: an object of fields (texts as
// hexadecimal digits), or a text that says why it was refused.
#include <iostream>
#include <string>

#include <samovar/json.hpp>

#include "redis/error.hpp"
#include "redis/url.hpp"

namespace {

using samovar::Value;

Value octets(const std::string& text) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return Value{out};
}

Value seconds(const std::optional<std::chrono::milliseconds>& time) {
    if (!time) return {};
    return Value{static_cast<double>(time->count()) / 1000};
}

samovar::Object fields_of(const samovar::redis::Endpoint& endpoint) {
    const bool socket = !endpoint.socket_path.empty();
    samovar::Object fields{{"host", socket ? Value{""} : octets(endpoint.host)},
                           {"port", socket ? Value{0} : Value{endpoint.port}},
                           {"socket_path", octets(endpoint.socket_path)},
                           {"username", octets(endpoint.username)},
                           {"password", octets(endpoint.password)},
                           {"database", endpoint.database},
                           {"tls", endpoint.tls},
                           {"client_name", octets(endpoint.client_name)},
                           {"protocol", endpoint.protocol},
                           {"connect_timeout", seconds(endpoint.connect_timeout)},
                           {"answer_timeout", seconds(endpoint.answer_timeout)},
                           {"health_interval", seconds(endpoint.health_interval)},
                           {"keep_alive", endpoint.keep_alive}};
    if (endpoint.tls) {
        fields.append("verify", endpoint.verify);
        fields.append("verify_name", endpoint.verify_name);
        fields.append("ca_file", octets(endpoint.ca_file));
        fields.append("ca_folder", octets(endpoint.ca_folder));
        fields.append("ca_data", octets(endpoint.ca_data));
        fields.append("cert_file", octets(endpoint.cert_file));
        fields.append("key_file", octets(endpoint.key_file));
        fields.append("key_password", octets(endpoint.key_password));
        fields.append("ciphers", octets(endpoint.ciphers));
    }
    return fields;
}

Value read(const std::string& url) {
    try {
        return Value{fields_of(samovar::redis::parse_url(url))};
    } catch (const samovar::redis::Error& error) {
        return Value{error.what()};
    }
}

}  // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        const Value url = samovar::json::parse(line);
        std::cout << samovar::json::dump(read(*url.if_string())) << std::endl;
    }
}
