#include "support/certificates.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace samovar::testing {
namespace {

constexpr auto new_key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

void openssl(const std::filesystem::path& folder, const std::string& arguments) {
    const auto command = fmt::format("cd '{}' && openssl {} >>openssl.log 2>&1", folder.string(), arguments);
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"failed: openssl " + arguments};
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::filesystem::path folder) : folder_(std::move(folder)) {
    openssl(folder_, fmt::format("req -x509 {} -days 2 -subj '/CN=Test CA' -keyout ca.key -out ca.pem", new_key));
}

Certificate CertificateAuthority::issue(const std::string& dns_name) const {
    openssl(folder_, fmt::format("req {0} -subj '/CN={1}' -keyout {1}.key -out {1}.csr", new_key, dns_name));
    std::ofstream{folder_ / (dns_name + ".cnf")} << "subjectAltName=DNS:" << dns_name << '\n';
    openssl(folder_, fmt::format("x509 -req -in {0}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                                 "-extfile {0}.cnf -out {0}.pem",
                                 dns_name));
    return {folder_ / (dns_name + ".pem"), folder_ / (dns_name + ".key")};
}

}  // namespace samovar::testing
