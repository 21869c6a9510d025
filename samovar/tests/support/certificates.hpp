// Certificates for tests of TLS.
#pragma once

#include <filesystem>
#include <string>

namespace samovar::testing {

/// Makes a certificate authority and a server certificate for a DNS name, with the openssl program: ca.pem,
/// ca.key, server.pem and server.key in `folder`. Errors: std::runtime_error.
void make_certificates(const std::filesystem::path& folder, const std::string& dns_name);

}  // namespace samovar::testing
