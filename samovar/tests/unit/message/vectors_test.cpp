// Everything that real Celery programs sent, through our codec.
#include "support/vectors.hpp"

#include <map>
#include <optional>
#include <set>

#include <gtest/gtest.h>
#include <samovar/json.hpp>

#include "message/body.hpp"
#include "message/envelope.hpp"
#include "message/safe_repr.hpp"

namespace samovar::message {
namespace {

using samovar::testing::load_vector;
using samovar::testing::load_vectors;
using samovar::testing::pushed_elements;
using samovar::testing::reserved_envelopes;
using samovar::testing::Vector;

const std::vector<std::string> producers{"producer-52", "producer-56"};
const std::vector<std::string> workers{"worker-52", "worker-56"};

std::string short_name(const Vector& vector) { return vector.name.substr(vector.name.find('/') + 1); }

std::optional<DecodeErrc> refusal(const std::string& envelope) {
    try {
        decode_body(decode(envelope));
        return std::nullopt;
    } catch (const DecodeError& error) {
        return error.code();
    }
}

// What is refused, and as what. Everything else has to be readable.
const std::map<std::string, DecodeErrc> refused{
    {"serializer_msgpack", DecodeErrc::refused_serializer},
    {"serializer_pickle", DecodeErrc::refused_serializer},
    {"serializer_yaml", DecodeErrc::refused_serializer},
    {"malformed_content_type", DecodeErrc::refused_serializer},
    {"compression_brotli", DecodeErrc::refused_compression},
    {"compression_bzip2", DecodeErrc::refused_compression},
    {"compression_lzma", DecodeErrc::refused_compression},
    {"compression_zstd", DecodeErrc::refused_compression},
    {"malformed_unknown_envelope", DecodeErrc::not_a_task},
};

std::optional<DecodeErrc> expected_refusal(const Vector& vector) {
    const auto found = refused.find(short_name(vector));
    return found == refused.end() ? std::nullopt : std::optional{found->second};
}

TEST(Vectors, every_message_of_producers_is_read_or_refused_by_name) {
    std::size_t count = 0;
    for (const std::string& folder : producers) {
        for (const Vector& vector : load_vectors(folder)) {
            for (const std::string& envelope : pushed_elements(vector)) {
                EXPECT_EQ(refusal(envelope), expected_refusal(vector)) << vector.name;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 130U);
}

TEST(Vectors, every_message_that_workers_sent_or_reserved_is_read_or_refused_by_name) {
    std::size_t count = 0;
    for (const std::string& folder : workers) {
        for (const Vector& vector : load_vectors(folder)) {
            auto envelopes = pushed_elements(vector);
            for (const std::string& reserved : reserved_envelopes(vector)) envelopes.push_back(reserved);
            for (const std::string& envelope : envelopes) {
                EXPECT_EQ(refusal(envelope), expected_refusal(vector)) << vector.name << envelope;
                ++count;
            }
        }
    }
    EXPECT_GT(count, 250U);
}

TEST(Vectors, every_refused_vector_was_seen) {
    std::set<std::string> seen;
    for (const auto& folder : {"producer-52", "producer-56", "worker-52", "worker-56"}) {
        for (const Vector& vector : load_vectors(folder)) {
            if (expected_refusal(vector)) seen.insert(short_name(vector));
        }
    }
    EXPECT_EQ(seen.size(), refused.size());
}

TEST(Vectors, bodies_are_what_python_reads) {
    std::size_t compared = 0;
    for (const std::string& folder : producers) {
        for (const Vector& vector : load_vectors(folder)) {
            const auto elements = pushed_elements(vector);
            const Value* decoded = vector.content.find("decoded_bodies");
            const Value* bodies = decoded ? decoded->find("celery") : nullptr;
            // One message, so that there is no doubt which body belongs to which.
            if (!bodies || bodies->if_array()->size() != 1 || elements.size() != 1) continue;
            const Value* body = bodies->if_array()->front().find("body_decoded");
            if (!body || !body->if_array() || expected_refusal(vector)) continue;
            const Body ours = decode_body(decode(elements.front()));
            if (short_name(vector) == "json_types" || short_name(vector) == "json_bytes") continue;
            EXPECT_EQ(json::dump(ours.args), json::dump(body->if_array()->at(0))) << vector.name;
            EXPECT_EQ(json::dump(ours.kwargs), json::dump(body->if_array()->at(1))) << vector.name;
            EXPECT_EQ(ours.embed.chain, *body->if_array()->at(2).find("chain")) << vector.name;
            EXPECT_EQ(ours.embed.callbacks, *body->if_array()->at(2).find("callbacks")) << vector.name;
            ++compared;
        }
    }
    EXPECT_GT(compared, 70U);
}

// Their times are written in other forms than ours: naive, with another offset. Protocol 1 is only read.
const std::set<std::string> not_ours{"eta_naive", "eta_offset", "protocol1"};

TEST(Vectors, reading_and_writing_an_envelope_keeps_every_byte) {
    for (const std::string& folder : producers) {
        for (const Vector& vector : load_vectors(folder)) {
            if (not_ours.contains(short_name(vector))) continue;
            for (const std::string& envelope : pushed_elements(vector)) {
                EXPECT_EQ(encode(decode(envelope)), envelope) << vector.name;
            }
        }
    }
}

TEST(Vectors, reading_and_writing_a_body_keeps_every_byte) {
    for (const std::string& folder : producers) {
        for (const Vector& vector : load_vectors(folder)) {
            const std::string name = short_name(vector);
            const bool tagged = folder == "producer-56" && (name == "json_types" || name == "json_bytes");
            if (expected_refusal(vector) || tagged || name == "protocol1") continue;
            for (const std::string& envelope : pushed_elements(vector)) {
                const TaskMessage message = decode(envelope);
                const EncodeOptions options{.compress_from =
                                                message.body.compression.empty() ? SIZE_MAX : std::size_t{0}};
                const BodyText body = encode_body(decode_body(message), options);
                EXPECT_EQ(body.text, message.body.text) << vector.name;
                EXPECT_EQ(body.compression, message.body.compression) << vector.name;
            }
        }
    }
}

// The caller gave the text, or values that JSON does not have: tuples within, dates, bytes.
const std::set<std::string> other_repr{
    "argsrepr_override", "json_types", "json_bytes", "json_tuple_set", "chunks", "map", "starmap"};

TEST(Vectors, arguments_are_shown_as_celery_shows_them) {
    std::size_t compared = 0;
    for (const std::string& folder : producers) {
        for (const Vector& vector : load_vectors(folder)) {
            if (expected_refusal(vector) || other_repr.contains(short_name(vector))) continue;
            for (const std::string& envelope : pushed_elements(vector)) {
                const TaskMessage message = decode(envelope);
                if (message.protocol == 1) continue;
                const Body body = decode_body(message);
                const bool tuple = message.argsrepr.starts_with('(');
                EXPECT_EQ(tuple ? args_repr(body.args) : safe_repr(body.args), message.argsrepr) << vector.name;
                EXPECT_EQ(kwargs_repr(body.kwargs), message.kwargsrepr) << vector.name;
                ++compared;
            }
        }
    }
    EXPECT_GT(compared, 100U);
}

TEST(Vectors, a_retry_is_written_as_celerys_worker_writes_it) {
    const auto elements = pushed_elements(load_vector("worker-56/retry_then_success"));
    ASSERT_GE(elements.size(), 2U);
    TaskMessage theirs = decode(elements[1]);
    theirs.extra_properties = {};  // Celery leaks a header into the properties.
    const std::string ours =
        encode_retry(decode(elements[0]), {.eta = theirs.eta, .delivery_tag = theirs.delivery_tag});
    EXPECT_EQ(ours, encode(theirs));
}

TEST(Vectors, tagged_types_arrive_in_the_plain_form_of_earlier_kombu) {
    const auto args = [](const std::string& name) {
        return json::dump(decode_body(decode(pushed_elements(load_vector(name)).at(0))).args);
    };
    EXPECT_EQ(args("producer-56/json_types"), R"(["2030-01-02T03:04:05+00:00", "2030-01-02", "03:04:05", )"
                                              R"("00000000-0000-0000-0000-000000000001", "1.50"])");
    EXPECT_EQ(args("producer-56/json_bytes"), R"(["abc", "\udcff\udcfe"])");
}

TEST(Vectors, a_restored_message_is_marked) {
    const Vector vector = load_vector("worker-56/reject_requeue");
    std::size_t redelivered = 0;
    for (const std::string& envelope : pushed_elements(vector)) {
        redelivered += decode(envelope).redelivered ? 1 : 0;
    }
    EXPECT_GE(redelivered, 1U);
}

}  // namespace
}  // namespace samovar::message
