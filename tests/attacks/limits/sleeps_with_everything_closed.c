// expect: timeout rule=timeout
// unvalidated: timeout rule=timeout
// The end of its streams is not the end of a program.
#include <stdio.h>
#include <time.h>

int main(void)
{
    fclose(stdin);
    fclose(stdout);
    fclose(stderr);
    nanosleep(&(struct timespec){1000, 0}, 0);
    return 0;
}
