// expect: success stdout=contained rule=blocked-path
// unvalidated: success stdout=contained rule=blocked-path
// The library opens files too.
#include <fann.h>
#include <stdio.h>

int main(void)
{
    char path[32];
    snprintf(path, sizeof path, "%cproc%c1%cmaps", 47, 47, 47);
    fann_set_error_log(NULL, NULL);
    puts(fann_read_train_from_file(path) || fann_create_from_file(path) ? "ESCAPED" : "contained");
    return 0;
}
