// expect: blocked rule=import-directive
// #include by its Objective-C name.
#import <unistd.h>

int main(void)
{
    return 0;
}
