#include "mail/text_lines.hpp"

#include <algorithm>
#include <memory>

#include <curl/curl.h>
#include <fmt/format.h>
#include <locale.h>

#include "base/utf8.hpp"
#include "domain/email.hpp"
#include "mail/error.hpp"

namespace localtea::mail {
namespace {

/// libcurl's IDNA reads names in the character set of the locale; this thread's is UTF-8 while it lives.
class Utf8Locale {
public:
    Utf8Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
        if (utf8_) previous_ = ::uselocale(utf8_);
    }
    ~Utf8Locale() {
        if (!utf8_) return;
        ::uselocale(previous_);
        ::freelocale(utf8_);
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

private:
    locale_t utf8_;
    locale_t previous_{};
};

/// The domain's A-labels ("xn--..."), empty when IDNA does not allow the name.
std::string ascii_domain(std::string_view domain) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url{curl_url(), &curl_url_cleanup};
    const Utf8Locale locale;
    const std::string text = fmt::format("smtp://{}/", domain);
    char* host = nullptr;
    if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
        curl_url_get(url.get(), CURLUPART_HOST, &host, CURLU_PUNYCODE) != CURLUE_OK)
        return {};
    const std::unique_ptr<char, decltype(&curl_free)> owned{host, &curl_free};
    return host;
}

}  // namespace

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void require_header_text(std::string_view what, std::string_view text) {
    if (!samovar::utf8::valid(text)) throw PermanentMailError(fmt::format("{} is not UTF-8", what));
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::any_of(text.begin(), text.end(), is_control))
        throw PermanentMailError(fmt::format("{} holds a line break or another control character", what));
}

std::string require_address(std::string_view what, std::string_view address) {
    require_header_text(what, address);
    const auto checked = domain::normalise_email(address);
    if (!checked)
        throw PermanentMailError(
            fmt::format("{} is not exactly one address local@domain (at most {} bytes before the @, {} in all)",
                        what, domain::max_email_local_bytes, domain::max_email_bytes));
    const std::string_view text = checked.value();
    const auto at = text.rfind('@');
    if (is_ascii(text.substr(at + 1))) return std::string{text};
    const std::string ascii = ascii_domain(text.substr(at + 1));
    if (ascii.empty()) throw PermanentMailError(fmt::format("{} has a domain that IDNA does not allow", what));
    return fmt::format("{}@{}", text.substr(0, at), ascii);
}

}  // namespace localtea::mail
