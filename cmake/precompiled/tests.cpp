// Carries the precompiled header of the tests; a header is compiled ahead for a program of the same kind alone.
int main() {}
