// docs/configuration.md says what the table says.
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/table.hpp"

namespace localtea::config {
namespace {

std::string reference_row(const Variable& variable) {
    const std::string fallback = variable.fallback.empty() ? "" : fmt::format("`{}`", variable.fallback);
    return fmt::format("| `{}` | {} | {} | {} |\n", variable.name, variable.form, fallback, variable.meaning);
}

std::string reference_table() {
    std::string table = "| variable | must be | default | meaning |\n|---|---|---|---|\n";
    for (const Variable& variable : variables()) table += reference_row(variable);
    return table;
}

TEST(ConfigurationReferenceTest, lists_every_variable_as_the_program_reads_it) {
    std::ifstream file{CONFIGURATION_REFERENCE};
    const std::string document{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_NE(document.find(reference_table()), std::string::npos)
        << "docs/configuration.md must contain this table:\n"
        << reference_table();
}

}  // namespace
}  // namespace localtea::config
