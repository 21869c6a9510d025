#include "support/python.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <samovar/json.hpp>

#include "support/temporary_folder.hpp"

namespace samovar::testing {
namespace {

std::vector<std::string> read_lines(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
    return lines;
}

}  // namespace

std::vector<std::string> run_python(const std::string& script, const std::vector<std::string>& input,
                                    const std::string& interpreter) {
    const TemporaryFolder folder;
    const auto file = [&](const char* name) { return (folder.path() / name).string(); };
    std::ofstream{file("script.py")} << script;
    {
        std::ofstream in{file("in"), std::ios::binary};
        for (const std::string& line : input) in << line << '\n';
    }
    const std::string command = "PYTHONUTF8=1 '" + interpreter + "' " + file("script.py") + " <" + file("in") +
                                " >" + file("out") + " 2>" + file("err");
    if (std::system(command.c_str()) != 0) throw std::runtime_error(content_of(file("err")));
    return read_lines(file("out"));
}

Value ask_python(const std::filesystem::path& script, const Value& input, const std::string& interpreter) {
    std::string printed;
    for (const auto& line : run_python(content_of(script), {json::dump(input)}, interpreter))
        printed += line + '\n';
    return json::parse(printed);
}

std::string to_hex(const std::string& bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
        out.push_back(digits[static_cast<unsigned char>(c) & 15]);
    }
    return out;
}

std::string from_hex(const std::string& digits) {
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        out.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    }
    return out;
}

}  // namespace samovar::testing
