/* Linked into a program that wants the same random numbers in every run: FANN seeds rand() from the
 * system through this function, each time a network is made, and finds this one before its own.
 * What is left is C's own start, srand(1), or what the program itself asked for. Weak, so that a
 * program may bring its own. */
void fann_seed_rand(void);
__attribute__((weak)) void fann_seed_rand(void)
{
}
