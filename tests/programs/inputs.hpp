// What the tasks of the black-box tests' programs take.
#pragma once

#include <string>

#include <boost/describe/class.hpp>

namespace programs {

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

struct Word {
    std::string word;
};
BOOST_DESCRIBE_STRUCT(Word, (), (word))

struct Pipe {
    /// A named pipe; the handler blocks until somebody writes to it.
    std::string path;
};
BOOST_DESCRIBE_STRUCT(Pipe, (), (path))

}  // namespace programs
