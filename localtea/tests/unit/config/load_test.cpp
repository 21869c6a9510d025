#include "config/load.hpp"

#include <cstdlib>
#include <fstream>
#include <set>

#include <gmock/gmock.h>

#include "config/table.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::config {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* key = "0123456789abcdef0123456789abcdef";

class LoadTest : public ::testing::Test {
protected:
    /// All that a server needs, and no more.
    static Variables complete() {
        return {{"SECRET_KEY", key},
                {"CSRF_SECRET_KEY", "csrf"},
                {"DATABASE_URL", "sqlite:///var/shop.db"},
                {"REDIS_URL", "redis://localhost:6379/0"},
                {"BASE_URL", "https://shop.example"},
                {"API_BASE_URL", "https://api.shop.example"},
                {"SMTP_SERVER", "mail.example"},
                {"EMAILS_FROM_EMAIL", "shop@example.ru"},
                {"PAYMENT_PROVIDER", "none"}};
    }

    static Variables complete_with(const Variables& changes) {
        Variables variables = complete();
        for (const auto& [name, value] : changes) variables[name] = value;
        return variables;
    }

    /// Of a developer's machine.
    static Variables debug_with(const Variables& changes) {
        Variables variables = complete_with(
            {{"DEBUG", "true"}, {"BASE_URL", "http://127.0.0.1:8000"}, {"API_BASE_URL", "http://127.0.0.1:8000"}});
        for (const auto& [name, value] : changes) variables[name] = value;
        return variables;
    }

    Settings load_from(const Variables& environment, Purpose purpose = Purpose::server) {
        return load({.environment = environment, .dotenv = folder_.path() / ".env", .defaults = {}}, purpose);
    }

    std::vector<std::string> problems(const Variables& environment, Purpose purpose = Purpose::server) {
        try {
            load_from(environment, purpose);
        } catch (const Error& error) {
            return error.problems();
        }
        return {};
    }

    void write_dotenv(std::string_view text) { std::ofstream{folder_.path() / ".env"} << text; }

    samovar::testing::TemporaryFolder folder_;
};

TEST_F(LoadTest, what_is_not_told_has_the_documented_default) {
    const Settings s = load_from(complete());
    EXPECT_EQ(s.project_name, "LocalTea");
    EXPECT_FALSE(s.debug);
    EXPECT_TRUE(s.csrf_enabled);
    EXPECT_EQ(s.access_token_lifetime, 30min);
    EXPECT_EQ(s.refresh_token_lifetime, std::chrono::days{7});
    EXPECT_EQ(s.smtp_port, 465);
    EXPECT_EQ(s.order_payment_timeout, 30min);
    EXPECT_TRUE(s.rate_limit_enabled);
    EXPECT_EQ(s.rate_limit_strategy, samovar::limits::Strategy::fixed_window);
    EXPECT_EQ(s.rate_limit_login, samovar::limits::parse("3/minute;20/hour"));
    EXPECT_EQ(s.rate_limit_refresh, samovar::limits::parse("2/minute"));
    EXPECT_EQ(s.rate_limit_registration, samovar::limits::parse("5/minute;20/hour"));
    EXPECT_TRUE(s.rate_limit_default.empty());
    EXPECT_EQ(s.rate_limit_on_store_down, samovar::limits::OnStoreDown::local);
    EXPECT_EQ(s.log_format, LogFormat::text);
    EXPECT_EQ(s.metrics_allow, samovar::net::Networks{{"loopback"}});
    EXPECT_FALSE(s.session_bind_address);
    EXPECT_EQ(s.dead_letter_lifetime, std::chrono::days{30});
    EXPECT_TRUE(s.auto_migrate);
    EXPECT_THAT(s.allowed_origins, IsEmpty());
    EXPECT_TRUE(s.trusted_proxies.empty());
}

TEST_F(LoadTest, the_shop_s_existing_file_works_as_it_is) {
    write_dotenv(
        "PROJECT_NAME=\"Чайная лавка\"\n"
        "SECRET_KEY=0123456789abcdef0123456789abcdef # never commit\n"
        "CSRF_SECRET_KEY='csrf-secret'\n"
        "ALGORITHM=HS256\nACCESS_TOKEN_EXPIRE_MINUTES=15\nREFRESH_TOKEN_EXPIRE_DAYS=30\n"
        "DB_HOST=db\nDATABASE_URL=postgresql+asyncpg://shop:p%40ss@${DB_HOST}:5432/tea\n"
        "REDIS_URL=redis://:pw@redis:6379/1\n"
        "ALLOWED_ORIGINS=[\"http://localhost:3000\", \"https://shop.example\"]\n"
        "DEBUG=False\nCSRF_ENABLED=True\n"
        "SMTP_SERVER=smtp.example.ru\nSMTP_PORT=465\nSMTP_USER=shop@example.ru\nSMTP_PASSWORD=p#w\n"
        "EMAILS_FROM_NAME=Лавка\nBASE_URL=https://shop.example/\nAPI_BASE_URL=https://shop.example/api\n"
        "PAYMENT_PROVIDER=none\n");
    const Settings s = load_from({});
    EXPECT_EQ(s.project_name, "Чайная лавка");
    EXPECT_EQ(s.access_token_lifetime, 15min);
    EXPECT_EQ(describe(s.database), "postgresql database tea on db:5432");
    EXPECT_EQ(s.redis_url.reveal(), "redis://:pw@redis:6379/1");
    EXPECT_THAT(s.allowed_origins, ElementsAre("http://localhost:3000", "https://shop.example"));
    EXPECT_EQ(s.smtp_password.reveal(), "p#w");
    EXPECT_EQ(s.emails_from_email, "shop@example.ru") << "the user is an address";
    EXPECT_EQ(s.emails_from_name, "Лавка");
    EXPECT_EQ(s.base_url, "https://shop.example");
    EXPECT_EQ(s.mail_backend, MailBackend::smtp);
    EXPECT_EQ(s.smtp_security, SmtpSecurity::tls);
}

TEST_F(LoadTest, the_environment_wins_over_the_file_and_the_file_over_what_the_command_supplies) {
    write_dotenv("PROJECT_NAME=file\nLOG_FORMAT=json\n");
    const Settings s =
        load({.environment = complete_with({{"PROJECT_NAME", "environment"}}),
              .dotenv = folder_.path() / ".env",
              .defaults = {{"PROJECT_NAME", "command"}, {"LOG_FORMAT", "text"}, {"DATA_DIR", "command"}}},
             Purpose::server);
    EXPECT_EQ(s.project_name, "environment");
    EXPECT_EQ(s.log_format, LogFormat::json);
    EXPECT_EQ(s.data_dir, "command");
}

TEST_F(LoadTest, an_empty_value_is_as_good_as_none) {
    write_dotenv("PROJECT_NAME=file\n");
    const Settings s = load_from(complete_with({{"PROJECT_NAME", ""}, {"SMTP_PORT", ""}}));
    EXPECT_EQ(s.project_name, "file");
    EXPECT_EQ(s.smtp_port, 465);
}

TEST_F(LoadTest, every_wrong_variable_is_named_at_once_with_its_form_and_never_its_value) {
    Variables wrong = complete();
    for (const char* name :
         {"DEBUG", "SMTP_PORT", "DATABASE_URL", "REDIS_URL", "ALLOWED_ORIGINS", "TRUSTED_PROXIES", "BASE_URL",
          "MAIL_BACKEND", "SMTP_SECURITY", "LOG_FORMAT", "RATE_LIMIT_LOGIN", "RATE_LIMIT_STRATEGY",
          "RATE_LIMIT_ON_STORE_DOWN", "ALGORITHM", "DEAD_LETTER_DAYS", "PAYMENT_PROVIDER"})
        wrong[name] = "hush-hush";
    const auto found = problems(wrong);
    EXPECT_EQ(found.size(), 16U);
    for (const std::string& problem : found) EXPECT_THAT(problem, Not(HasSubstr("hush-hush")));
    EXPECT_THAT(found, Contains("SMTP_PORT must be a whole number from 1 to 65535"));
    EXPECT_THAT(found, Contains("ALGORITHM must be HS256, the only one supported"));
}

TEST_F(LoadTest, of_a_database_url_the_part_that_is_wrong_is_named) {
    EXPECT_THAT(
        problems(complete_with({{"DATABASE_URL", "postgresql://shop:hush@db:port/tea"}})),
        ElementsAre(AllOf(HasSubstr("DATABASE_URL must be sqlite:///relative"),
                          HasSubstr("; its port is no whole number from 1 to 65535"), Not(HasSubstr("hush")))));
}

TEST_F(LoadTest, everything_a_server_lacks_is_named_at_once) {
    const auto found = problems({});
    for (const char* name : {"SECRET_KEY", "CSRF_SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL",
                             "API_BASE_URL", "SMTP_SERVER", "PAYMENT_PROVIDER"})
        EXPECT_THAT(found, Contains(HasSubstr(std::string{name} + " is required"))) << name;
}

TEST_F(LoadTest, tools_need_only_what_they_use) {
    EXPECT_THAT(problems({{"DATABASE_URL", "sqlite:///a.db"}}, Purpose::database), IsEmpty());
    EXPECT_THAT(problems({{"REDIS_URL", "redis://h"}}, Purpose::broker), IsEmpty());
    EXPECT_THAT(problems({}, Purpose::database), ElementsAre(HasSubstr("DATABASE_URL")));
    EXPECT_THAT(problems({}, Purpose::broker), ElementsAre(HasSubstr("REDIS_URL")));
    EXPECT_THAT(problems({{"REDIS_URL", "redis://h"}, {"DEBUG", "maybe"}}, Purpose::broker),
                ElementsAre(HasSubstr("DEBUG")))
        << "what is set is checked for everybody";
}

TEST_F(LoadTest, text_that_mails_and_pages_show_is_utf8) {
    for (const char* name : {"PROJECT_NAME", "EMAILS_FROM_NAME"})
        for (const char* text : {"\xFF", "\xED\xA0\xBD", "\xD0"})
            EXPECT_THAT(problems(complete_with({{name, text}})),
                        ElementsAre(std::string{name} + " must be one line of text"));
}

TEST_F(LoadTest, a_secret_key_has_32_bytes_or_more) {
    EXPECT_THAT(problems(complete_with({{"SECRET_KEY", std::string(31, 'k')}})),
                ElementsAre("SECRET_KEY must be at least 32 bytes of text"));
    EXPECT_THAT(problems(complete_with({{"SECRET_KEY", std::string(32, 'k')}})), IsEmpty());
}

TEST_F(LoadTest, a_csrf_key_is_needed_while_csrf_is_on) {
    Variables without = complete();
    without.erase("CSRF_SECRET_KEY");
    EXPECT_THAT(problems(without), ElementsAre(HasSubstr("CSRF_SECRET_KEY")));
    without["CSRF_ENABLED"] = "off";
    EXPECT_THAT(problems(without), IsEmpty());
}

TEST_F(LoadTest, without_a_mail_server_debug_writes_files_and_production_refuses) {
    Variables no_server = complete();
    no_server.erase("SMTP_SERVER");
    no_server.erase("EMAILS_FROM_EMAIL");
    EXPECT_THAT(problems(no_server), ElementsAre(AllOf(HasSubstr("SMTP_SERVER"), HasSubstr("MAIL_BACKEND=file"))));
    no_server["DEBUG"] = "true";
    no_server["BASE_URL"] = no_server["API_BASE_URL"] = "http://localhost:8000";
    EXPECT_EQ(load_from(no_server).mail_backend, MailBackend::file);
    no_server["DEBUG"] = "false";
    no_server["MAIL_BACKEND"] = "file";
    EXPECT_EQ(load_from(no_server).mail_backend, MailBackend::file);
}

TEST_F(LoadTest, debug_still_sends_by_a_mail_server_that_is_set) {
    EXPECT_EQ(load_from(debug_with({})).mail_backend, MailBackend::smtp);
}

TEST_F(LoadTest, smtp_needs_a_server_and_a_sender) {
    Variables bare = complete_with({{"MAIL_BACKEND", "smtp"}});
    bare.erase("SMTP_SERVER");
    bare.erase("EMAILS_FROM_EMAIL");
    EXPECT_THAT(problems(bare), ElementsAre(HasSubstr("SMTP_SERVER"), HasSubstr("EMAILS_FROM_EMAIL")));
}

TEST_F(LoadTest, smtp_security_follows_from_the_port_and_plain_is_never_assumed) {
    const auto security = [&](const char* port) {
        return load_from(complete_with({{"SMTP_PORT", port}})).smtp_security;
    };
    EXPECT_EQ(security("465"), SmtpSecurity::tls);
    EXPECT_EQ(security("587"), SmtpSecurity::starttls);
    EXPECT_EQ(security("25"), SmtpSecurity::starttls);
    EXPECT_EQ(load_from(complete_with({{"SMTP_PORT", "465"}, {"SMTP_SECURITY", "STARTTLS"}})).smtp_security,
              SmtpSecurity::starttls);
}

TEST_F(LoadTest, a_password_never_travels_unencrypted_to_another_machine) {
    const Variables plain =
        complete_with({{"SMTP_SECURITY", "plain"}, {"SMTP_USER", "u"}, {"SMTP_PASSWORD", "hush"}});
    EXPECT_THAT(problems(plain), ElementsAre(AllOf(HasSubstr("SMTP_SECURITY"), Not(HasSubstr("hush")))));
    Variables local = plain;
    local["SMTP_SERVER"] = "127.0.0.1";
    EXPECT_THAT(problems(local), IsEmpty());
}

TEST_F(LoadTest, authorities_of_the_mail_server_are_a_file_of_certificates) {
    const auto file = (folder_.path() / "ca.pem").string();
    EXPECT_THAT(problems(complete_with({{"SMTP_CA_FILE", file}})), ElementsAre(HasSubstr("SMTP_CA_FILE")));
    std::ofstream{file} << "-----BEGIN PRIVATE KEY-----\n";
    EXPECT_THAT(problems(complete_with({{"SMTP_CA_FILE", file}})), ElementsAre(HasSubstr("SMTP_CA_FILE")));
    EXPECT_THAT(problems(complete_with({{"SMTP_CA_FILE", folder_.path()}})),
                ElementsAre(HasSubstr("SMTP_CA_FILE")));
    std::ofstream{file} << "-----BEGIN CERTIFICATE-----\n";
    EXPECT_EQ(load_from(complete_with({{"SMTP_CA_FILE", file}})).smtp_ca_file, file);
}

TEST_F(LoadTest, any_origin_is_for_debug_only) {
    EXPECT_THAT(problems(complete_with({{"ALLOWED_ORIGINS", "*"}})), ElementsAre(HasSubstr("ALLOWED_ORIGINS")));
    EXPECT_THAT(problems(debug_with({{"ALLOWED_ORIGINS", "*"}})), IsEmpty());
}

TEST_F(LoadTest, debug_is_refused_on_a_public_address) {
    Settings s = load_from(debug_with({}));
    EXPECT_NO_THROW(require_private_debug(s, "127.0.0.1"));
    EXPECT_NO_THROW(require_private_debug(s, "::1"));
    EXPECT_THROW(require_private_debug(s, "0.0.0.0"), Error);
    EXPECT_THROW(require_private_debug(s, "192.0.2.1"), Error);
    s.debug = false;
    EXPECT_NO_THROW(require_private_debug(s, "0.0.0.0"));
}

TEST_F(LoadTest, debug_is_refused_with_an_https_address_that_the_world_can_reach) {
    for (const char* address : {"https://shop.example", "HTTPS://shop.example:8443/tea", "https://192.0.2.1",
                                "https://[2001:db8::1]:443", "https://localhost.example"})
        for (const char* name : {"BASE_URL", "API_BASE_URL"})
            for (const auto purpose : {Purpose::server, Purpose::worker})
                EXPECT_THAT(problems(debug_with({{name, address}}), purpose),
                            ElementsAre(AllOf(HasSubstr("DEBUG must be false"), HasSubstr("https://"))))
                    << name << " " << address;
    for (const char* address : {"https://localhost:8443", "https://shop.localhost", "https://127.0.0.1",
                                "https://[::1]:8443/tea", "http://shop.example"})
        EXPECT_THAT(problems(debug_with({{"BASE_URL", address}})), IsEmpty()) << address;
}

TEST_F(LoadTest, who_takes_the_money_is_told_or_the_server_does_not_start) {
    Variables silent = complete();
    silent.erase("PAYMENT_PROVIDER");
    EXPECT_THAT(problems(silent),
                ElementsAre(AllOf(HasSubstr("PAYMENT_PROVIDER is required"), HasSubstr("none"))));
    EXPECT_THAT(problems(silent, Purpose::worker), IsEmpty());
    EXPECT_EQ(load_from(complete()).payment_provider, PaymentProvider::none);
}

TEST_F(LoadTest, a_provider_that_is_not_there_is_refused_by_name_and_the_sandbox_is_for_debug) {
    EXPECT_THAT(
        problems(complete_with({{"PAYMENT_PROVIDER", "yookassa"}})),
        ElementsAre(AllOf(HasSubstr("PAYMENT_PROVIDER must be none"), HasSubstr("yookassa is not built"))));
    EXPECT_THAT(problems(complete_with({{"PAYMENT_PROVIDER", "sandbox"}})),
                ElementsAre("PAYMENT_PROVIDER must be none without DEBUG; sandbox takes no money"));
    EXPECT_EQ(load_from(debug_with({{"PAYMENT_PROVIDER", "sandbox"}})).payment_provider, PaymentProvider::sandbox);
    EXPECT_EQ(load_from(debug_with({{"PAYMENT_PROVIDER", ""}})).payment_provider, PaymentProvider::sandbox);
    EXPECT_EQ(load_from(debug_with({{"PAYMENT_PROVIDER", "none"}})).payment_provider, PaymentProvider::none);
}

TEST_F(LoadTest, the_example_file_lacks_its_secrets_and_nothing_else) {
    std::ifstream file{EXAMPLE_ENVIRONMENT};
    write_dotenv(std::string{std::istreambuf_iterator<char>{file}, {}});
    EXPECT_THAT(problems({}),
                ElementsAre(HasSubstr("SECRET_KEY is required"), HasSubstr("CSRF_SECRET_KEY is required")));
    EXPECT_EQ(load_from({{"SECRET_KEY", key}, {"CSRF_SECRET_KEY", "csrf"}}).payment_provider,
              PaymentProvider::none);
}

TEST_F(LoadTest, a_broken_file_is_an_error_and_an_absent_one_is_not) {
    EXPECT_THAT(problems(complete()), IsEmpty());
    write_dotenv("this is no assignment\n");
    EXPECT_THAT(problems(complete()), ElementsAre(HasSubstr("line 1")));
}

TEST_F(LoadTest, the_process_s_environment_is_read_whole) {
    ::setenv("LOCALTEA_TEST_VARIABLE", "a=b", 1);
    EXPECT_EQ(process_environment().at("LOCALTEA_TEST_VARIABLE"), "a=b");
    ::unsetenv("LOCALTEA_TEST_VARIABLE");
}

TEST(VariableTableTest, every_fallback_has_the_form_that_is_asked_of_others) {
    Settings settings;
    for (const Variable& variable : variables())
        if (!variable.fallback.empty()) EXPECT_TRUE(variable.set(settings, variable.fallback)) << variable.name;
}

TEST(VariableTableTest, names_are_unique_and_everything_is_explained) {
    std::set<std::string_view> names;
    for (const Variable& variable : variables()) {
        EXPECT_TRUE(names.insert(variable.name).second) << variable.name;
        EXPECT_FALSE(variable.form.empty() || variable.meaning.empty()) << variable.name;
    }
}

}  // namespace
}  // namespace localtea::config
