#include "support/certificates.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace samovar::testing {
namespace {

void openssl(const std::filesystem::path& folder, const std::string& arguments) {
    const auto command = fmt::format("cd '{}' && openssl {} >>openssl.log 2>&1", folder.string(), arguments);
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"failed: openssl " + arguments};
}

}  // namespace

void make_certificates(const std::filesystem::path& folder, const std::string& dns_name) {
    constexpr auto key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    openssl(folder, fmt::format("req -x509 {} -days 2 -subj '/CN=Test CA' -keyout ca.key -out ca.pem", key));
    openssl(folder, fmt::format("req {} -subj '/CN={}' -keyout server.key -out server.csr", key, dns_name));
    std::ofstream{folder / "san.cnf"} << "subjectAltName=DNS:" << dns_name << '\n';
    openssl(folder,
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile san.cnf -out "
            "server.pem");
}

}  // namespace samovar::testing
