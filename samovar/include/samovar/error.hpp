// What the client side throws, told apart by what the caller can do about it.
#pragma once

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>

#include <samovar/value.hpp>

namespace samovar {

/// Base of everything below.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A URL, an option or a call's arguments are wrong: the same call will fail again.
class ConfigurationError : public Error {
public:
    using Error::Error;
};

/// The store cannot be reached or refuses; nothing was sent, and trying again later is safe.
class StoreUnavailable : public Error {
public:
    using Error::Error;
};

/// The message had been written when the connection was lost, the deadline passed, or the store met an error in
/// the midst of its work: it may or may not be in the store. Sending it again may run it twice, unless it is sent
/// with CallOptions::once and this id.
class PublishUncertain : public Error {
public:
    PublishUncertain(std::string task_id, const std::string& why);
    const std::string& task_id() const { return task_id_; }

private:
    std::string task_id_;
};

/// This message cannot be sent, whatever state the store is in: its bytes are no message, it is too large, or what
/// its queue is called belongs to something else in the store. Nothing was sent; others go on.
class MessageRefused : public Error {
public:
    using Error::Error;
};

/// The encoded message exceeds AppOptions::max_message_size; nothing was sent.
class MessageTooLarge : public MessageRefused {
public:
    MessageTooLarge(std::size_t size, std::size_t limit);
    /// Bytes of the encoded message.
    std::size_t size() const { return size_; }
    std::size_t limit() const { return limit_; }

private:
    std::size_t size_;
    std::size_t limit_;
};

/// The task had not ended when the wait was over. It may end yet.
class TimeoutError : public Error {
public:
    TimeoutError(std::string task_id, std::chrono::milliseconds waited);
    const std::string& task_id() const { return task_id_; }

private:
    std::string task_id_;
};

/// A task ended without success; what its result document says about it.
struct TaskFailure {
    /// "FAILURE" or "REVOKED".
    std::string state;
    /// Class of the exception, e.g. "ValueError".
    std::string exc_type;
    /// Its module, e.g. "builtins"; may be empty.
    std::string exc_module;
    /// The exception's arguments.
    Array exc_message;
    /// Empty when none was recorded.
    std::string traceback;
};

/// Thrown where the result of a task that failed or was revoked is asked for.
class TaskError : public Error {
public:
    TaskError(std::string task_id, TaskFailure failure);
    const std::string& task_id() const { return task_id_; }
    const TaskFailure& failure() const { return failure_; }
    const std::string& exc_type() const { return failure_.exc_type; }
    bool revoked() const { return failure_.state == "REVOKED"; }

private:
    std::string task_id_;
    TaskFailure failure_;
};

/// A result is there, but is not of the type that was asked for; the message names the field.
class ResultTypeError : public Error {
public:
    using Error::Error;
};

}  // namespace samovar
