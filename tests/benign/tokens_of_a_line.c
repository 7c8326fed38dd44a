// expect: success stdout="name=Ada age=36 city=London"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    char line[] = "Ada;36;London";
    char *name = strtok(line, ";"), *age = strtok(NULL, ";"), *city = strtok(NULL, ";");
    printf("name=%s age=%ld city=%s\n", name, strtol(age, NULL, 10), city);
    return 0;
}
