// expect: success stderr="FANN Error" stdout="there is no such network"
#include <stdio.h>
#include <fann.h>

int main(void)
{
    if (fann_create_from_file("nothing.net") == NULL)
        puts("there is no such network");
    return 0;
}
