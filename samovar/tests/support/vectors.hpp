// The recorded traffic in tests/vectors.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <samovar/value.hpp>

namespace samovar::testing {

/// One recorded file.
struct Vector {
    /// "producer-56/plain".
    std::string name;
    Value content;
};

/// Every file of a folder, in alphabetical order. Errors: std::runtime_error where one cannot be read.
std::vector<Vector> load_vectors(const std::string& folder);
/// One file: load_vector("producer-56/plain").
Vector load_vector(const std::string& name);

/// The list elements that the recorded programs pushed to queues, in order.
std::vector<std::string> pushed_elements(const Vector& vector);
/// The messages that the recorded programs published on that channel, in order.
std::vector<std::string> published(const Vector& vector, const std::string& channel);
/// The envelopes that the recorded workers reserved, as kombu wrote them to `unacked`.
std::vector<std::string> reserved_envelopes(const Vector& vector);
/// The stored results, in the order of SETEX and SET: {key, text}.
std::vector<std::pair<std::string, std::string>> stored_results(const Vector& vector);

}  // namespace samovar::testing
