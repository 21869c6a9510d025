// Certificates for tests of TLS.
#pragma once

#include <filesystem>
#include <string>

namespace samovar::testing {

/// A certificate and its key, PEM.
struct Certificate {
    std::filesystem::path certificate;
    std::filesystem::path key;
};

/// A certificate authority of one test, made with the openssl program.
class CertificateAuthority {
public:
    /// Keeps its files in `folder`. Errors: std::runtime_error.
    explicit CertificateAuthority(std::filesystem::path folder);

    std::string ca_file() const { return (folder_ / "ca.pem").string(); }
    /// A server's certificate for a DNS name. Errors: std::runtime_error.
    Certificate issue(const std::string& dns_name) const;

private:
    std::filesystem::path folder_;
};

}  // namespace samovar::testing
