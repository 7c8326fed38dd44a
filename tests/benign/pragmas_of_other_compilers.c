// expect: success stdout="sum 4950, max 7"
#include <stdio.h>
#ifndef __has_builtin
#define __has_builtin(x) 0
#endif

typedef unsigned int word __attribute__((mode(SI)));

#pragma region settings
#define MAX 7
#pragma push_macro("MAX")
#undef MAX
#define MAX 8
#pragma pop_macro("MAX")
#pragma endregion
#pragma message("building")
#pragma warning(disable : 4996)
#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wshadow"
#pragma GCC diagnostic warning "-Wextra"
#pragma GCC diagnostic pop

int main(void)
{
    word sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (word i = 0; i < 100; i++)
        sum += i;
    printf("sum %u, max %d\n", sum, MAX);
    return 0;
}
